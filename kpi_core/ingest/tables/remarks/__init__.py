"""What a file says of itself outside its rows: in lines above and below them, on other sheets, in small tables next to them."""
