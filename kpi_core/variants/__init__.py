"""What others mean by the same names: the trade's competing definitions, each as a KPI that the engine computes.

`names` lists them without importing anything heavy; `families` holds them, one module a subject.
"""
