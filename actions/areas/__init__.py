"""Areas of work with their SROs, and how their SROs rate them."""
