"""The auditor's questions, by subject: `prepare` sections first, then one `name` section a check."""
