"""What customers wrote next to a score: whose words, which of them go with it, and a few of them, with what names a person masked."""
