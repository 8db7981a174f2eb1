-- A ready model for a product that is sold by the seat: four dimensions, three segments, two languages. Copy it, put the
-- names of your events in place of those here, and edit the words. Running it again applies your edits. A name stands in
-- the segments at the end as well: one that is renamed above only is a signal of its own there, which nobody has.
--
--   psql -d yours -v ON_ERROR_STOP=1 -f examples/models.sql
--
-- A segment is a population with a model of its own, so accounts meet their model by it (views.sql does):
--
--   FROM accounts JOIN health_models USING (segment)
--   health_report(activity, model, as_of, seats, created_on) OVER (PARTITION BY segment)
--
-- and the same in French with model || '{"language": "fr"}'. A signal that you do not have costs nothing; take it out by
-- model || '{"signals": {"csat": null}}', or delete its lines here.
--
-- Why these numbers. Usage is of unit raw: its weights say what counts how much beside the rest of the usage, since the
-- account at the 90th percentile of its segment has 100 from usage, whatever it did. In the sample an account with a score
-- about 62 has 22 points from the admin, 14 from reports, 11 from forms and 10 from logins. All else is in points of 0 to
-- 100, added and taken afterwards.
--
--   login 1, report_viewed 2    the daily use, per seat
--   admin_login 0.2             the person who decides: in days, so that one who comes is as good as one who clicks a lot
--   user:* 20                   no points between 50 and 80 % of the seats in use; up to 10 less below, up to 2 more above
--   invite_sent 5               rare, and it tells more than a login
--   form_published 12           what they bought it for; no more than 20 a day, so that an import is no outcome
--   export 2, api_call 0.01     useful but bulky: bounded, or a script would be the healthiest user. No visit: usage false
--   support_ticket -3           per seat, so that a large customer may ask more often: a point or so
--   urgent_tickets_open -4      one is a risk already; ten cost no more than three, 12 points
--   csat 3, neutral 4           5 of 5 gives 3 points, 2 costs 6; after half a year it says nothing
--   nps 1.5, neutral 7          the mean of 90 days: 10 gives 4.5 points, 4 costs as many: worth a call, no verdict
--   relationship 4, neutral 3   what the CSM thinks: up to 8 points each way, for 90 days
--   contract_extended 5         a renewal or more seats: 5 points, half of it after a half-life
--   payment_days_past_due -10   nothing in the first week, all 10 points from day 30 on
--   invoice_paid 0              known, so that no report calls it unscored, and without points: to pay is normal
--   sponsor_left -15            a state, not an event: as much after three months, until health_without takes it out
--   full_export -15             the customer can leave from now on; a second one counts, a third does not
--   cancel_page_visited -25     from 100 to yellow at once, twice almost to red; half of it after a half-life
--   csm_score                   optional: a reading is the score for 30 days, for a CSM who knows better
--
-- With half_life_days 30, ten days of silence cost a fifth of what usage has gathered. Saturdays and Sundays are no silence (weekend).

BEGIN;
SET LOCAL client_min_messages = warning;

CREATE EXTENSION IF NOT EXISTS health_score;

CREATE TABLE IF NOT EXISTS health_models (
    segment text PRIMARY KEY,
    model   health_model NOT NULL
);

WITH base (model) AS (
    SELECT $model$ {
  "name": "b2b mid", "version": "1", "language": "en",
  "window_days": 90, "half_life_days": 30, "weekend": [6, 7],
  "next_steps": {
    "never_active": {"en": "Book a first session with the buyer", "fr": "Fixer une première session avec l’acheteur"},
    "new":          {"en": "Plan the first two weeks with the admin",
                     "fr": "Préparer les deux premières semaines avec l’admin"},
    "silent":       {"en": "Call the sponsor and ask who still needs it",
                     "fr": "Appeler le sponsor et demander qui en a encore besoin"},
    "usage_down":   {"en": "Ask the sponsor what changed", "fr": "Demander au sponsor ce qui a changé"},
    "usage_up":     {"en": "Ask what worked and who else needs it",
                     "fr": "Demander ce qui a marché et à qui d’autre cela servirait"}
  },
  "signals": {

    "login": {
      "weight": 1, "dimension": "adoption", "label": {"en": "Logins", "fr": "connexions"},
      "text": {"inactive": {"en": "no login for {days} {days|day|days}",
                            "fr": "aucune connexion depuis {days} {days|jour|jours}"}},
      "next_step": {"en": "Ask the team what keeps them away", "fr": "Demander à l’équipe ce qui l’éloigne"}},

    "report_viewed": {
      "weight": 2, "dimension": "adoption", "label": {"en": "Reports viewed", "fr": "consultations de rapports"},
      "text": {"inactive": {"en": "no report viewed for {days} {days|day|days}",
                            "fr": "aucun rapport consulté depuis {days} {days|jour|jours}"}},
      "next_step": {"en": "Review their reports with them", "fr": "Revoir leurs rapports avec eux"}},

    "admin_login": {
      "weight": 0.2, "measure": "days", "dimension": "adoption", "label": {"en": "Admin", "fr": "admin"},
      "next_step": {
        "inactive":    {"en": "Find out who the admin is now", "fr": "Vérifier qui est l’admin aujourd’hui"},
        "down":        {"en": "Ask the admin for half an hour", "fr": "Proposer une demi-heure à l’admin"},
        "moved":       {"en": "Ask the admin for half an hour", "fr": "Proposer une demi-heure à l’admin"},
        "fading":      {"en": "Ask the admin for half an hour", "fr": "Proposer une demi-heure à l’admin"},
        "below_peers": {"en": "Agree on a monthly call with the admin", "fr": "Convenir d’un appel mensuel avec l’admin"}}},

    "user:*": {
      "weight": 20, "measure": "distinct", "days": 14, "of": "size", "scale": [[0, -0.5], [0.5, 0], [0.8, 0], [1, 0.1]],
      "opportunity": true, "dimension": "adoption", "label": {"en": "Seat use", "fr": "utilisation des licences"},
      "text": {
        "low":  {"en": "{missing} of {size} seats unused for {days} days",
                 "fr": "{missing} {missing|licence|licences} sur {size} sans utilisation depuis {days} jours"},
        "fell": {"en": "{missing} of {size} seats unused for {days} days",
                 "fr": "{missing} {missing|licence|licences} sur {size} sans utilisation depuis {days} jours"},
        "high": {"en": "{count} {count|user|users} on {size} seats", "fr": "{count} {count|utilisateur|utilisateurs} pour {size} licences"},
        "rose": {"en": "{count} {count|user|users} on {size} seats, more than before",
                 "fr": "{count} {count|utilisateur|utilisateurs} pour {size} licences, plus qu’avant"},
        "member_silent": {"en": "{member}, the most active user so far, silent for {days} {days|day|days}",
                          "fr": "{member}, en tête des utilisateurs, sans activité depuis {days} {days|jour|jours}"}},
      "next_step": {
        "low":  {"en": "Offer training to those who no longer log in", "fr": "Proposer une formation à ceux qui ne se connectent plus"},
        "fell": {"en": "Ask who stopped using it, and why", "fr": "Demander qui a arrêté, et pourquoi"},
        "member_silent": {"en": "Call their most active user", "fr": "Appeler leur utilisateur le plus actif"},
        "high": {"en": "Propose more seats", "fr": "Proposer des licences supplémentaires"},
        "rose": {"en": "Ask which team comes next", "fr": "Demander quelle équipe est la suivante"}}},

    "invite_sent": {
      "weight": 5, "opportunity": true, "dimension": "adoption", "label": {"en": "Invitations", "fr": "invitations"},
      "text": {"inactive": {"en": "no invitation for {days} {days|day|days}",
                            "fr": "aucune invitation depuis {days} {days|jour|jours}"}},
      "next_step": {
        "inactive":    {"en": "Ask who else should join", "fr": "Demander qui d’autre devrait participer"},
        "down":        {"en": "Ask who else should join", "fr": "Demander qui d’autre devrait participer"},
        "moved":       {"en": "Ask who else should join", "fr": "Demander qui d’autre devrait participer"},
        "fading":      {"en": "Ask who else should join", "fr": "Demander qui d’autre devrait participer"},
        "below_peers": {"en": "Ask who else should join", "fr": "Demander qui d’autre devrait participer"},
        "up":          {"en": "Ask which team comes next, and quote the seats",
                        "fr": "Demander quelle équipe est la suivante et chiffrer les licences"},
        "new":         {"en": "Welcome the new users by name", "fr": "Accueillir personnellement les nouveaux utilisateurs"}}},

    "form_published": {
      "weight": 12, "daily_cap": 20, "expected_within_days": 14, "opportunity": true,
      "dimension": "outcomes", "label": {"en": "Forms published", "fr": "publications de formulaires"},
      "text": {"inactive": {"en": "no form published for {days} {days|day|days}",
                            "fr": "aucun formulaire publié depuis {days} {days|jour|jours}"},
               "awaited":  {"en": "no form published yet after {tenure} days",
                            "fr": "aucun formulaire publié après {tenure} jours"}},
      "next_step": {
        "awaited":     {"en": "Publish the first form with them", "fr": "Publier le premier formulaire avec eux"},
        "inactive":    {"en": "Ask what the last form brought them",
                        "fr": "Demander ce que le dernier formulaire a apporté"},
        "down":        {"en": "Ask which forms are no longer needed", "fr": "Demander quels formulaires ne servent plus"},
        "moved":       {"en": "Plan the next form with them", "fr": "Préparer le prochain formulaire avec eux"},
        "fading":      {"en": "Plan the next form with them", "fr": "Préparer le prochain formulaire avec eux"},
        "below_peers": {"en": "Show how similar customers use forms",
                        "fr": "Montrer l’usage des formulaires chez des clients comparables"},
        "up":          {"en": "Talk about the next use case", "fr": "Parler du prochain cas d’usage"},
        "new":         {"en": "Congratulate them and plan the second form",
                        "fr": "Les féliciter et préparer le deuxième formulaire"}}},

    "export": {
      "weight": 2, "max_points": 2, "opportunity": true, "dimension": "outcomes", "label": {"en": "Exports", "fr": "exports"},
      "text": {"inactive": {"en": "no export for {days} {days|day|days}",
                            "fr": "aucun export depuis {days} {days|jour|jours}"}},
      "next_step": {
        "inactive":    {"en": "Ask what replaced the exports", "fr": "Demander ce qui a remplacé les exports"},
        "down":        {"en": "Ask what replaced the exports", "fr": "Demander ce qui a remplacé les exports"},
        "moved":       {"en": "Ask what replaced the exports", "fr": "Demander ce qui a remplacé les exports"},
        "fading":      {"en": "Ask what replaced the exports", "fr": "Demander ce qui a remplacé les exports"},
        "below_peers": {"en": "Show the scheduled export", "fr": "Montrer l’export programmé"},
        "up":          {"en": "Propose the integration in place of exports",
                        "fr": "Proposer l’intégration à la place des exports"},
        "new":         {"en": "Ask where the exports go", "fr": "Demander où vont les exports"}}},

    "api_call": {
      "weight": 0.01, "measure": "sum", "max_points": 2, "usage": false, "opportunity": true,
      "dimension": "outcomes", "label": {"en": "API calls", "fr": "utilisation de l’API"},
      "text": {"inactive": {"en": "no API call for {days} {days|day|days}",
                            "fr": "aucun appel à l’API depuis {days} {days|jour|jours}"}},
      "next_step": {
        "inactive":    {"en": "Ask their developers whether the integration still runs",
                        "fr": "Demander à leurs développeurs si l’intégration tourne encore"},
        "down":        {"en": "Ask their developers what they switched off",
                        "fr": "Demander à leurs développeurs ce qui a été arrêté"},
        "moved":       {"en": "Ask their developers what they switched off",
                        "fr": "Demander à leurs développeurs ce qui a été arrêté"},
        "fading":      {"en": "Ask their developers what they switched off",
                        "fr": "Demander à leurs développeurs ce qui a été arrêté"},
        "below_peers": {"en": "Offer their developers a session on the API",
                        "fr": "Proposer à leurs développeurs une session sur l’API"},
        "up":          {"en": "Propose the next API volume", "fr": "Proposer le palier d’appels supérieur"},
        "new":         {"en": "Ask what they connect, and offer help",
                        "fr": "Demander ce qui est connecté et proposer de l’aide"}}},

    "support_ticket": {
      "weight": -3, "unit": "raw", "dimension": "support", "label": {"en": "Support tickets",
                                                                     "fr": "tickets de support"},
      "text": {"risk": {"en": "{count} support {count|ticket|tickets} in {window} days, the last {ago} {ago|day|days} ago",
                        "fr": "{count} {count|ticket|tickets} de support en {window} jours, le dernier il y a {ago} {ago|jour|jours}"}},
      "next_step": {"en": "Read the tickets and call about their cause",
                    "fr": "Lire les tickets et appeler au sujet de leur cause"}},

    "urgent_tickets_open": {
      "weight": -4, "measure": "last", "window_days": 14, "max_points": 12,
      "dimension": "support", "label": {"en": "Urgent tickets open", "fr": "tickets urgents ouverts"},
      "text": {"low":  {"en": "{value} urgent {value|ticket|tickets} open",
                        "fr": "{value} {value|ticket urgent ouvert|tickets urgents ouverts}"},
               "rose": {"en": "{value} urgent {value|ticket|tickets} open ({prior} before)",
                        "fr": "{value} {value|ticket urgent ouvert|tickets urgents ouverts} (contre {prior} avant)"}},
      "next_step": {"low":     {"en": "Get a date from support and pass it on",
                                "fr": "Obtenir une date du support et la transmettre"},
                    "rose":    {"en": "Get a date from support and pass it on",
                                "fr": "Obtenir une date du support et la transmettre"},
                    "expired": {"en": "Check the feed of the ticket system",
                                "fr": "Vérifier le flux de l’outil de tickets"}}},

    "csat": {
      "weight": 3, "measure": "last", "neutral": 4, "out_of": 5, "window_days": 180,
      "dimension": "support", "label": {"en": "Support rating", "fr": "note du support"},
      "next_step": {"low":     {"en": "Call the person who gave the rating", "fr": "Appeler la personne qui a noté"},
                    "fell":    {"en": "Call the person who gave the rating", "fr": "Appeler la personne qui a noté"},
                    "expired": {"en": "Ask for a rating after the next ticket",
                                "fr": "Demander une note après le prochain ticket"}}},

    "nps": {
      "weight": 1.5, "measure": "mean", "neutral": 7, "out_of": 10, "window_days": 90,
      "dimension": "support", "label": {"en": "NPS rating", "fr": "note NPS"},
      "next_step": {"low":     {"en": "Call those who answered and ask what is missing",
                                "fr": "Appeler les auteurs des réponses et demander ce qui manque"},
                    "fell":    {"en": "Call those who answered and ask what changed",
                              "fr": "Appeler les auteurs des réponses et demander ce qui a changé"},
                    "expired": {"en": "Send the survey again", "fr": "Renvoyer l’enquête"}}},

    "relationship": {
      "weight": 4, "measure": "last", "neutral": 3, "out_of": 5, "window_days": 90,
      "dimension": "commercial", "label": {"en": "Relationship rating", "fr": "note de la relation"},
      "next_step": {"low":     {"en": "Agree on a plan with the sponsor", "fr": "Convenir d’un plan avec le sponsor"},
                    "fell":    {"en": "Agree on a plan with the sponsor", "fr": "Convenir d’un plan avec le sponsor"},
                    "expired": {"en": "Meet the sponsor and rate the relationship",
                                "fr": "Rencontrer le sponsor et noter la relation"}}},

    "contract_extended": {
      "weight": 5, "unit": "score", "max_points": 5, "window_days": 180, "usage": false, "opportunity": true,
      "inactive_days": 365, "aliases": ["seats_added", "renewal_signed"],
      "dimension": "commercial", "label": {"en": "Contract extended", "fr": "contrat étendu"},
      "text": {"new":    {"en": "Contract extended {ago} {ago|day|days} ago",
                          "fr": "contrat étendu il y a {ago} {ago|jour|jours}"},
               "moved":  {"en": "Contract extended {ago} {ago|day|days} ago",
                          "fr": "contrat étendu il y a {ago} {ago|jour|jours}"},
               "steady": {"en": "Contract extended {ago} {ago|day|days} ago",
                          "fr": "contrat étendu il y a {ago} {ago|jour|jours}"},
               "fading": {"en": "Contract last extended {ago} {ago|day|days} ago",
                          "fr": "contrat étendu pour la dernière fois il y a {ago} {ago|jour|jours}"}},
      "next_step": {"fading": {"en": "Plan the next renewal with the sponsor",
                               "fr": "Préparer le prochain renouvellement avec le sponsor"},
                    "up":     {"en": "Plan the rollout with the sponsor",
                               "fr": "Préparer le déploiement avec le sponsor"},
                    "new":    {"en": "Plan the rollout with the sponsor",
                               "fr": "Préparer le déploiement avec le sponsor"}}},

    "invoice_paid": {
      "weight": 0, "usage": false, "dimension": "commercial", "label": {"en": "Invoice paid", "fr": "facture payée"}},

    "payment_days_past_due": {
      "weight": -10, "measure": "last", "scale": [[7, 0], [30, 1]], "window_days": 14, "usage": false,
      "dimension": "commercial", "label": {"en": "Days past due", "fr": "jours de retard de paiement"},
      "text": {"low":  {"en": "an invoice is {value} {value|day|days} past due",
                        "fr": "une facture a {value} {value|jour|jours} de retard"},
               "rose": {"en": "an invoice is {value} {value|day|days} past due",
                        "fr": "une facture a {value} {value|jour|jours} de retard"}},
      "next_step": {"low":     {"en": "Ask billing to call their accounts team",
                                "fr": "Demander à la facturation d’appeler leur comptabilité"},
                    "rose":    {"en": "Ask billing to call their accounts team",
                                "fr": "Demander à la facturation d’appeler leur comptabilité"},
                    "expired": {"en": "Check the feed of the billing system",
                                "fr": "Vérifier le flux de l’outil de facturation"}}},

    "sponsor_left": {
      "weight": -15, "window_days": null, "half_life_days": null, "max_points": 15,
      "dimension": "commercial", "label": {"en": "Sponsor left", "fr": "départ du sponsor"},
      "text": {"risk": {"en": "the sponsor left {ago} {ago|day|days} ago",
                        "fr": "départ du sponsor il y a {ago} {ago|jour|jours}"}},
      "next_step": {"en": "Find the new sponsor and meet", "fr": "Identifier et rencontrer le nouveau sponsor"}},

    "full_export": {
      "weight": -15, "max_points": 30, "dimension": "commercial",
      "label": {"en": "Full data export", "fr": "export complet des données"},
      "next_step": {"en": "Ask what the full export is for", "fr": "Demander à quoi sert l’export complet"}},

    "cancel_page_visited": {
      "weight": -25, "max_points": 50, "dimension": "commercial",
      "label": {"en": "Cancel page visited", "fr": "page de résiliation consultée"},
      "next_step": {"en": "Call today", "fr": "Appeler aujourd’hui"}},

    "csm_score": {
      "measure": "last", "set_score": true, "window_days": 30, "dimension": "commercial",
      "label": {"en": "the CSM", "fr": "le CSM"}}
  }
} $model$::health_model
), models (segment, model) AS (
    SELECT 'mid', model FROM base
    UNION ALL
    -- Small teams: everything is faster. One person is a large part of the seats and often the admin and the buyer as
    -- well, so idle seats cost less and a cancel page more.
    SELECT 'smb', model || $model$ {
      "name": "b2b smb", "window_days": 60, "half_life_days": 21, "silent_days": 5,
      "signals": {"form_published": {"expected_within_days": 7},
                  "user:*": 15,
                  "cancel_page_visited": -30}} $model$ FROM base
    UNION ALL
    -- Large customers: slow to start, slow to pay, and they cancel by letter. What counts is who stands behind it. They are
    -- few, so 100 is the 75th percentile on a straight line: one customer’s growth hardly moves it.
    SELECT 'enterprise', model || $model$ {
      "name": "b2b enterprise", "window_days": 120, "half_life_days": 45, "silent_days": 10,
      "curve": "linear", "percentile": 0.75,
      "signals": {"form_published": {"expected_within_days": 45},
                  "admin_login": {"inactive_days": 10},
                  "relationship": 5,
                  "sponsor_left": {"weight": -25, "max_points": 25},
                  "payment_days_past_due": {"scale": [[30, 0], [90, 1]]},
                  "cancel_page_visited": -20}} $model$ FROM base
)
INSERT INTO health_models SELECT segment, model FROM models
ON CONFLICT (segment) DO UPDATE SET model = excluded.model;

COMMIT;

ANALYZE health_models;
