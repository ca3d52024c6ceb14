"""The types that cross rooms, the Arrow schemas and the vocabularies. No Beam, and no room, is imported here."""
