"""The words of the seed: names, attributes and texts in several scripts."""

# ruff: noqa: RUF001 - texts in other scripts are what this is for

from __future__ import annotations

DEPARTMENTS = ("Engineering", "Design", "Sales", "Support", "Finance", "People")
TITLES = ("Chief Executive", "Vice President", "Director", "Lead", "Specialist")
FIRST_NAMES = (
    *("Jordan", "Sam", "Alex", "Maria", "Chen", "Fatima", "Olu", "Ines", "Kofi", "Mia", "Noah", "Priya", "Tom"),
    *("Zoë", "Łukasz", "Søren", "Żaneta", "Ðorđe", "美咲", "Юлия"),
)
LAST_NAMES = (
    *("Reyes", "Patel", "Smith", "Smith", "Garcia", "Nguyen", "Okafor", "Kim", "Baker", "Cohen", "Dupont"),
    *("Álvarez", "Müller", "Öztürk", "Šimić", "Ångström", "佐藤", "Иванова", "O'Neill", "van der Berg"),
)
ATTRIBUTES = (
    ("Ownership", "Execution", "positive"),
    ("Clarity", "Communication", "positive"),
    ("Listening", "Communication", "positive"),
    ("Follow-through", "Execution", "constructive"),
    ("Planning", "Execution", "constructive"),
    ("Mentoring", "Leadership", "positive"),
    ("Delegation", "Leadership", "constructive"),
    ("Curiosity", "Growth", "positive"),
    ("Resilience", "Growth", "positive"),
    ("Focus", "Execution", "constructive"),
    ("Empathy", "Communication", "positive"),
    ("Candor", "Communication", "neutral"),
    ("Vision", "Leadership", "positive"),
    ("Craft", "Quality", "positive"),
    ("Testing", "Quality", "constructive"),
    ("Documentation", "Quality", "constructive"),
    ("Customer care", "Impact", "positive"),
    ("Prioritization", "Impact", "constructive"),
    ("Experimentation", "Growth", "neutral"),
    ("Résumé writing", "Growth", "neutral"),
    ("Teamwork", "Collaboration", "positive"),
    ("Availability", "Collaboration", "neutral"),
    ("Conflict handling", "Collaboration", "constructive"),
    ("改善", "Quality", "positive"),
)
SETTINGS = ("across teams", "with customers", "under pressure", "in writing")
OBSERVATIONS = (
    "Led the launch retro and found two gaps in how releases are planned.",
    "Kept the customer call calm and came back with three clear options.",
    "The hand-over note left out the open migrations, and the night shift had to guess.",
    "Paired with two new colleagues until both had shipped a change.",
    "Estimates were late three times this month; say so sooner.",
    "Wrote the incident report the same day, without blame and with owners.",
    "A élevé le niveau de la revue: précis, bienveillant, complet.",
    "Hat die Übergabe geprüft und Lücken früh gezeigt – vorbildlich.",
    "顧客の声を集めて、次の計画に活かした。",
    "Подготовила план и согласовала его со всеми командами.",
    "قادت الاجتماع بهدوء ووضوح.",
    "Demo went very well 🎉👩‍💻 and the team felt it.",
)
IMPACTS = (
    None,
    "The checklist ships with the next sprint.",
    "Two action items slipped by a week.",
    "Le client a renouvelé son contrat.",
    "",
)
ACTIONS = (None, None, "Write the steps down so that others can lead it.", "Name an owner before the meeting closes.")
TOPICS = (
    "Monthly check-in",
    "Launch follow-up",
    "Career path",
    "Quarterly goals",
    "Onboarding",
    "Incident review",
    "Hiring plan",
    "Zusammenarbeit im Team",
    "来期の目標",
)
