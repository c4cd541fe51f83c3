"""The pages that show several things, and the site's map: what lies above all other rooms."""
