"""What the exports of one desk, taken one after another, know together: how far each ticket is followed, and what it was before."""
