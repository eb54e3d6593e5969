"""What the files cover: days, sources and periods that are missing, cut off or filtered out."""
