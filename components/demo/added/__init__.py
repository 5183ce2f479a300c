"""What is copied in beside the demo’s story: more people and orders, and how memberships of the past ended."""
