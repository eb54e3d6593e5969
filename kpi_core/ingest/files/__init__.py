"""Any export as rows of text: what stands in each cell, nothing typed and nothing dropped."""
