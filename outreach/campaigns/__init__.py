"""Who is told what, when, and why not: definition -> audience -> plan -> progress.

A campaign plans people, not debts: several debts of one person are one contact. All it wants to say goes through
`messages.outbox`; what leaves is delivery's business, which asks the campaign's status at its gate.
"""
