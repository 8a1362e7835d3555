"""What the province's platform asks and tells: its numbers, items under both codes, licences."""
