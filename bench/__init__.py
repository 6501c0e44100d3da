"""Measurements, always as ratios against something that ran in the same minute."""
