"""What we talk to: settings, discovery of usable data, what a run makes and how that is cleaned up."""
