"""The record of a plan: its rows read as history, its texts by day, and the lock on adding one."""
