"""Makes the reader's classifier: voices -> dev_messages.jsonl -> weights. Needs scikit-learn; the reader itself does not.

Example: python -m dialogs.understand.trainer compose|train|report
"""
