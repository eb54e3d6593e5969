"""What time means in a fact: by the clock or in opening hours, by whole days or months, and which times count."""
