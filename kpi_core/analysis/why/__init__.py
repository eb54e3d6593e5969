"""Why did it move: a change dealt to segments, mix against the value of each, and which of them moved unlike the others."""
