"""One module an answer: what it says, in sentences and blocks, before anything is drawn."""
