"""What a file says of itself outside its rows, or by how they lie: in lines above and below them, on other sheets, in small tables, one row for each day."""
