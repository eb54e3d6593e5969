"""The findings on a file that was read: unused headers, odd cells, columns that are filled now and then."""
