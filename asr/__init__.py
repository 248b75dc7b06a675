"""Speech to text: audio in, utterances out."""
