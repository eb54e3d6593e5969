"""How a list was made that came here: blank cells filled in, tickets of one month alone, marks taken out."""
