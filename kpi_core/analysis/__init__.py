"""From tables to answers, a module a question of the user: report, define, inspect, rows, reconcile."""
