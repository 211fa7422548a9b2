from django.db import models

from .feedback import Feedback


class Vote(Feedback):
    """A vote for one of several takes: one per voter and link, which can be changed.

    `voter` is the identity of the speaker; `video` and `fingerprint` are the take as it was when they chose it.
    """

    voter = models.CharField(max_length=400, editable=False)

    class Meta:
        ordering = ["created_at", "pk"]
        constraints = [models.UniqueConstraint(fields=["link", "voter"], name="one_vote_per_voter")]

    def __str__(self) -> str:
        return f"{self.speaker_name or self.get_proof_display()}: {self.video}"
