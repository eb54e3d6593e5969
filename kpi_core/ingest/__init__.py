"""From exports to canonical tables, with every refused row accounted for; nothing else opens an export.

The rooms in the order of the line: `files` (bytes to rows of text), `headers` and `formats` (which format a file is in),
`cells` and `fields` (text to typed values), `rows` (which rows are cases), `questions` and `answers` (surveys), `tables`
(files of one table as one), `findings` (the findings on one file), `drafting` (mappings for unknown files).
"""
