"""The engine on real stores, with the real workflows, on the virtual clock."""
