"""Parts of what is known of a person, in the words of the law; `messages.facts` puts them together. Pure."""
