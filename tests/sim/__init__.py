"""The simulated desk: one seed drives a whole world in one thread, on a virtual clock."""
