"""What successive exports of one desk know together: how far each ticket is followed, and what it was before."""
