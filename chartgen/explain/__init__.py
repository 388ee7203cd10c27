"""What a finding's code means, and what a setting is: pages in Markdown, as text for a terminal, as data for programs."""
