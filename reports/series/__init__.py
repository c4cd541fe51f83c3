"""Report series: their timetable, who approves them, and the council's own Word file."""
