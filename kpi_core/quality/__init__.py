"""Whether the data is fit for figures: what is wrong in it, what that costs, and the gate that stops a report."""
