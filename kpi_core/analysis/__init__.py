"""What estimates mean together: changes, verdicts, targets. Pure: estimates in, findings out."""
