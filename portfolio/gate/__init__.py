"""What must not be published: token shapes and the values of this process's own secret variables, found anywhere."""
