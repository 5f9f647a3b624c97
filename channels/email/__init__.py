"""Email through an SMTP relay; bounces, complaints and replies read from raw mail."""
