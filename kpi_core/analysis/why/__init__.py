"""Why did it move: a change dealt to segments, mix against what each came to, and which of them moved unlike the others."""
