"""What customers wrote beside a score: whose words, which of them go with it, and a few of them, with what names a person masked."""
