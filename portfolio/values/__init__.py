"""The values that flow through the house: frozen, complete when constructed, with one codec."""
