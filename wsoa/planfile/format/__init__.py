"""The plan file without a database: its schema, reading, writing, checks and differences."""
