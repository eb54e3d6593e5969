"""Cells as scores: ratings in words, stars or numbers, and the scales they are on."""
