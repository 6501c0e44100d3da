"""The store keeps it: one transaction per batch of units, with an outcome for each."""
