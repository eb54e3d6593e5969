"""Who answers a survey, how often, and why answers are not counted."""
