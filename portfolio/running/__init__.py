"""Execute a project's script in a process of its own, watch it, and collect what it left."""
