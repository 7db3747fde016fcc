"""The demo: its people, councils and shops, and the story that is played on them."""
