-- Situations that every head of customer success knows, and what a report says of them in both languages, to the
-- letter. Runs in an empty database with the extension. Each story is one account, acme, among 24 peers, so that
-- populations have the members that medians ask for. Every claim that does not hold is listed with what was said.
\set ON_ERROR_STOP on
SET client_min_messages = warning;

-- Labels; a signal without one is named after itself.
CREATE TABLE word (signal text PRIMARY KEY, en text, fr text);
INSERT INTO word VALUES
  ('login',               'Login',                  'Connexion'),
  ('report_viewed',       'Report viewed',          'Rapport consulté'),
  ('form_published',      'Form published',         'Formulaire publié'),
  ('export',              'Export',                 'Export'),
  ('order',               'Order',                  'Commande'),
  ('admin_login',         'Admin',                  'Admin'),
  ('api_call',            'API calls',              'Appels à l’API'),
  ('user:*',              'Active users',           'Utilisateurs actifs'),
  ('support',             'Support rating',         'Note du support'),
  ('nps',                 'NPS',                    'NPS'),
  ('complaint',           'Complaint',              'Réclamation'),
  ('cancel_page_visited', 'Cancel page visited',    'Page de résiliation consultée'),
  ('sponsor_left',        'Executive sponsor left', 'Départ du sponsor'),
  ('days_past_due',       'Days past due',          'Jours de retard');

-- Everybody has the size, acme alone is so many days old. The model goes over a window of 90 days and a half-life of 30.
-- The plan says who did what: `acme login 200..1 x4` is four a day, from 200 days ago to yesterday, `200..1/7` each
-- seventh day only, `=5` a value, `on 12345` from Monday to Friday; all is acme and its peers.
CREATE TABLE story (id text PRIMARY KEY, as_of date, size int, age int, title text, model jsonb, plan text);

-- What must be so; without a language in both. `told` is the whole list of facts in the sentence, `must` are phrases of
-- it, `must_not` regular expressions that fit neither the sentence nor risk, step and opportunity, `drivers` what the
-- list of them contains; `account` is acme, or % for everybody. Any other key is a column of the report, flags may be a
-- pattern. French is written with plain spaces where its typography wants no-break ones.
CREATE TABLE claim (story text, language text, says jsonb);

----------------------------------------------------------------------------------------------------------------- falls

INSERT INTO story VALUES ('admin', '2026-02-02', NULL, NULL,
  'the admin fell silent, exports fell, support was rated 2, the NPS is what it was',
  '{"signals": {"login": 1, "export": 2,
                "admin_login": {"weight": 5, "measure": "days",
                                "next_step": {"inactive": "Find out who the admin is now"}},
                "support": {"weight": 5, "measure": "last", "neutral": 4, "out_of": 5, "window_days": null,
                            "next_step": {"fell": {"en": "Call whoever rated", "fr": "Appeler la personne qui a noté"}}},
                "nps": {"weight": 2, "measure": "last", "neutral": 8, "out_of": 10, "window_days": 180}}}',
  'peers login 200..1 x8; peers export 200..1 x5; peers admin_login 200..1; acme login 200..1 x4;
   acme export 200..29 x5; acme export 28..1 x2; acme admin_login 200..15; acme support 80 =5; acme support 9 =2;
   acme nps 100 =6');
INSERT INTO claim VALUES
  ('admin', 'en', '{"told": ["Support rating fell to 2 out of 5 (5 before)", "Export down 60%",
                             "Admin inactive for 14 days"],
                    "must": ["Score fell to"], "main_risk": "Support rating fell to 2 out of 5 (5 before)",
                    "next_step": "Call whoever rated"}'),
  ('admin', 'fr', '{"told": ["Note du support en baisse à 2 sur 5 (contre 5 avant)", "Export en baisse de 60 %",
                             "Admin sans activité depuis 14 jours"],
                    "must": ["Score tombé à"], "main_risk": "Note du support en baisse à 2 sur 5 (contre 5 avant)",
                    "next_step": "Appeler la personne qui a noté"}'),
  ('admin', NULL, '{"must_not": ["NPS"], "trend": "down", "main_risk_signal": "support", "main_opportunity": null,
                    "days_inactive": 0, "flags": null,
                    "drivers": [{"signal": "support", "kind": "fell"},
                                {"signal": "export", "kind": "down", "recent": 56, "prior": 140, "pct": -60},
                                {"signal": "admin_login", "kind": "inactive", "days_inactive": 14},
                                {"signal": "nps", "kind": "low", "change": 0}]}');

INSERT INTO story VALUES ('sponsor', '2026-02-02', NULL, NULL,
  'the executive sponsor left five days ago: a state that lasts',
  '{"signals": {"login": 1, "nps": {"weight": 2, "measure": "last", "neutral": 8, "out_of": 10, "window_days": null},
                "sponsor_left": {"weight": -25, "window_days": null, "half_life_days": null}}}',
  'peers login 200..1 x5; acme login 200..1 x4; acme nps 50 =6; acme sponsor_left 5');
INSERT INTO claim VALUES
  ('sponsor', 'en', '{"told": ["Executive sponsor left 5 days ago"], "must": ["(-25)"],
                      "main_risk": "Executive sponsor left 5 days ago"}'),
  ('sponsor', 'fr', '{"told": ["Départ du sponsor il y a 5 jours"], "must": ["(−25)"],
                      "main_risk": "Départ du sponsor il y a 5 jours"}'),
  ('sponsor', NULL, '{"must_not": ["NPS", "once", "une fois"], "main_risk_signal": "sponsor_left",
                      "drivers": [{"signal": "sponsor_left", "kind": "risk", "points": -25, "change": -25},
                                  {"signal": "nps", "change": 0}]}');

INSERT INTO story
SELECT 'sponsor_later', '2026-05-03', size, age, 'the same, and three months have passed', model,
       'all login 200..1 x4; acme nps 50 =6; acme sponsor_left 95'
FROM story WHERE id = 'sponsor';
INSERT INTO claim VALUES
  ('sponsor_later', 'en', '{"told": ["Executive sponsor left 95 days ago", "NPS 6 out of 10"],
                            "main_risk": "Executive sponsor left 95 days ago"}'),
  ('sponsor_later', 'fr', '{"told": ["Départ du sponsor il y a 95 jours", "NPS 6 sur 10"],
                            "main_risk": "Départ du sponsor il y a 95 jours"}'),
  ('sponsor_later', NULL, '{"must_not": ["once", "une fois"], "trend": "flat", "main_risk_signal": "sponsor_left",
                            "drivers": [{"signal": "sponsor_left", "kind": "risk", "points": -25, "change": 0}]}');

INSERT INTO story VALUES ('fade', '2026-02-02', NULL, NULL,
  'a slow fade over ten weeks, of all signals',
  '{"signals": {"login": {"weight": 1, "dimension": "adoption"},
                "report_viewed": {"weight": 3, "dimension": "adoption"},
                "form_published": {"weight": 9, "dimension": "outcomes"},
                "export": {"weight": 5, "dimension": "outcomes"},
                "support": {"weight": 2, "measure": "last", "neutral": 4, "out_of": 5, "window_days": null},
                "nps": {"weight": 2, "measure": "last", "neutral": 8, "out_of": 10, "window_days": null}}}',
  'acme login 200..71 x20; acme login 70..57 x18; acme login 56..43 x16; acme login 42..29 x14;
   acme login 28..15 x10; acme login 14..1 x8; acme report_viewed 200..71 x10; acme report_viewed 70..57 x9;
   acme report_viewed 56..43 x8; acme report_viewed 42..29 x7; acme report_viewed 28..15 x5;
   acme report_viewed 14..1 x4; acme form_published 200..71 x4; acme form_published 70..57 x4;
   acme form_published 56..43 x3; acme form_published 42..29 x3; acme form_published 28..15 x2;
   acme form_published 14..1; acme export 200..71 x5; acme export 70..57 x5; acme export 56..43 x5;
   acme export 42..29 x4; acme export 28..15 x3; acme export 14..1 x3; peers login 200..1 x20;
   peers report_viewed 200..1 x10; peers form_published 200..1 x4; peers export 200..1 x5; acme support 60 =2;
   acme nps 60 =6');
INSERT INTO claim VALUES
  ('fade', 'en', '{"told": ["usage down 41% in 4 weeks (above all Form published -50%, Report viewed -40%, Export -33%)"],
                   "must": ["Score fell to"],
                   "main_risk": "Usage down 41% in 4 weeks (above all Form published -50%, Report viewed -40%, Export -33%)",
                   "next_step": "Ask what changed"}'),
  ('fade', 'fr', '{"told": ["usage en baisse de 41 % sur 4 semaines (surtout Formulaire publié −50 %, Rapport consulté −40 %, Export −33 %)"],
                   "must": ["Score tombé à"],
                   "main_risk": "Usage en baisse de 41 % sur 4 semaines (surtout Formulaire publié −50 %, Rapport consulté −40 %, Export −33 %)",
                   "next_step": "Demander ce qui a changé"}'),
  ('fade', NULL, '{"must_not": ["NPS", "[Ss]upport"], "main_risk_signal": null, "main_risk_dimension": "outcomes",
                   "days_inactive": 0,
                   "drivers": [{"signal": "login", "kind": "down"}, {"signal": "report_viewed", "kind": "down"},
                               {"signal": "form_published", "kind": "down"}, {"signal": "export", "kind": "down"},
                               {"signal": "support", "change": 0}, {"signal": "nps", "change": 0}]}');

INSERT INTO story VALUES ('cancel', '2026-02-02', NULL, NULL,
  'a cancel page visited two days ago, everything else as it was',
  '{"signals": {"login": 1, "support": {"weight": 2, "measure": "last", "neutral": 4, "out_of": 5},
                "nps": {"weight": 2, "measure": "last", "neutral": 8, "out_of": 10},
                "cancel_page_visited": {"weight": -25,
                                        "next_step": {"en": "Call the decision maker", "fr": "Appeler le décideur"}}}}',
  'peers login 200..1 x5; acme login 200..1 x4; acme cancel_page_visited 2; acme support 60 =2; acme support 10 =2;
   acme nps 60 =6');
INSERT INTO claim VALUES
  ('cancel', 'en', '{"told": ["Cancel page visited 2 days ago"], "main_risk": "Cancel page visited 2 days ago",
                     "next_step": "Call the decision maker"}'),
  ('cancel', 'fr', '{"told": ["Page de résiliation consultée il y a 2 jours"],
                     "main_risk": "Page de résiliation consultée il y a 2 jours", "next_step": "Appeler le décideur"}'),
  ('cancel', NULL, '{"must_not": ["[Ss]upport", "NPS", "once", "une fois"], "trend": "down",
                     "main_risk_signal": "cancel_page_visited"}');

INSERT INTO story VALUES ('seed', '2026-02-02', NULL, NULL,
  'a table of weights taken as it stood',
  '{"signals": {"login": 1, "form_published": 9, "cancel_page_visited": -50, "data_exported": -50}}',
  'all login 200..1 x4; peers form_published 200..1/7; acme form_published 200..1/8; acme cancel_page_visited 3;
   acme data_exported 2');
INSERT INTO claim VALUES
  ('seed', 'en', '{"told": ["Data exported 2 days ago", "Cancel page visited 3 days ago"], "must": ["Score fell to"]}'),
  ('seed', 'fr', '{"told": ["Data exported il y a 2 jours", "Page de résiliation consultée il y a 3 jours"],
                   "must": ["Score tombé à"]}'),
  ('seed', NULL, '{"band": "red", "trend": "down", "main_risk_signal": "data_exported"}');

INSERT INTO story VALUES ('quarter', '2026-02-02', NULL, NULL,
  'comes once a quarter, 40 days ago for the last time',
  '{"signals": {"login": 1}}',
  'peers login 200..1/2; acme login 222..40/91 x20');
INSERT INTO claim VALUES
  ('quarter', 'en', '{"told": ["Login at 0 in 28 days (last one 40 days ago)"], "must": ["Score fell to"],
                      "main_risk": "Login at 0 in 28 days (last one 40 days ago)"}'),
  ('quarter', 'fr', '{"told": ["Connexion, 0 en 28 jours (la dernière fois il y a 40 jours)"], "must": ["Score tombé à"],
                      "main_risk": "Connexion, 0 en 28 jours (la dernière fois il y a 40 jours)"}'),
  ('quarter', NULL, '{"must_not": ["100", "[Nn]obody", "[Pp]lus personne", "inactive", "sans activité"],
                      "main_risk_signal": "login", "days_inactive": 39,
                      "drivers": [{"signal": "login", "kind": "down", "recent": 0, "prior": 20}]}');

INSERT INTO story VALUES ('order', '2026-02-02', NULL, NULL,
  'one order, 70 days ago',
  '{"curve": "linear", "signals": {"login": 1, "order": 200}}',
  'peers login 200..1 x8; acme login 200..1 x4; acme order 70');
INSERT INTO claim VALUES
  ('order', 'en', '{"told": ["Order at 0 in 28 days (last one 70 days ago)"], "must": ["Score fell to"],
                    "main_risk": "Order at 0 in 28 days (last one 70 days ago)"}'),
  ('order', 'fr', '{"told": ["Commande, 0 en 28 jours (la dernière fois il y a 70 jours)"], "must": ["Score tombé à"],
                    "main_risk": "Commande, 0 en 28 jours (la dernière fois il y a 70 jours)"}'),
  ('order', NULL, '{"must_not": ["before\\)", "précédents", "inactive", "sans activité"],
                    "main_risk_signal": "order",
                    "drivers": [{"signal": "order", "kind": "fading", "days_inactive": 69},
                                {"signal": "login", "change": 0}]}');

INSERT INTO story VALUES ('mark', '2026-02-02', NULL, NULL,
  'nothing but the baseline moved',
  '{"signals": {"login": 1}}',
  'peers login 200..29 x4; peers login 28..1 x8; acme login 200..1 x4');
INSERT INTO claim VALUES
  ('mark', 'en', '{"told": ["a score of 100 takes 54% more usage than 4 weeks ago"], "must": ["Score fell to"]}'),
  ('mark', 'fr', '{"told": ["un score de 100 demande 54 % d’usage de plus qu’il y a 4 semaines"], "must": ["Score tombé à"]}'),
  ('mark', NULL, '{"band": "green", "main_risk": null, "main_risk_signal": null, "next_step": null,
                   "drivers": [{"signal": null, "kind": "baseline"}, {"signal": "login", "change": 0}]}');

---------------------------------------------------------------------------------------------------------- nobody there

INSERT INTO story VALUES ('api', '2026-02-02', 10, NULL,
  'nobody but the interface has been there for 22 days, and a ticket was rated yesterday',
  '{"signals": {"login": 1, "report_viewed": 3, "admin_login": {"weight": 5, "measure": "days"},
                "api_call": {"weight": 0.01, "usage": false},
                "user:*": {"weight": 30, "measure": "distinct", "of": "size", "days": 14, "neutral": 0.5,
                           "next_step": {"en": "Train the idle seats", "fr": "Former les licences inactives"}},
                "support": {"weight": 5, "measure": "last", "neutral": 4, "out_of": 5}}}',
  'peers login 200..1 x4; acme login 200..23 x4; peers report_viewed 200..1 x2; acme report_viewed 200..23 x2;
   peers admin_login,user:{1..8} 200..1; acme admin_login,user:{1..8} 200..23; all api_call 200..1 x50;
   all support 60 =4; acme support 1 =4');
INSERT INTO claim VALUES
  ('api', 'en', '{"told": ["nobody active for 22 days"], "must": ["Score fell to"],
                  "main_risk": "Nobody active for 22 days", "next_step": "Find out why nobody comes any more"}'),
  ('api', 'fr', '{"told": ["plus personne d’actif depuis 22 jours"], "must": ["Score tombé à"],
                  "main_risk": "Plus personne d’actif depuis 22 jours",
                  "next_step": "Comprendre pourquoi plus personne ne vient"}'),
  ('api', NULL, '{"must_not": ["inactive for", "sans activité", "Train|Former"], "main_risk_signal": null,
                  "main_opportunity": null, "days_inactive": 22}');

INSERT INTO story VALUES ('gone', '2026-02-02', NULL, 20,
  'came for ten days, and not for ten days since',
  '{"signals": {"login": 1}}',
  'peers login 200..1 x4; acme login 20..11 x4');
INSERT INTO claim VALUES
  ('gone', 'en', '{"told": ["nobody active for 10 days"], "must_not": ["already", "first time"],
                   "main_risk": "Nobody active for 10 days", "next_step": "Find out why nobody comes any more"}'),
  ('gone', 'fr', '{"told": ["plus personne d’actif depuis 10 jours"], "must_not": ["déjà", "première fois"],
                   "main_risk": "Plus personne d’actif depuis 10 jours",
                   "next_step": "Comprendre pourquoi plus personne ne vient"}'),
  ('gone', NULL, '{"previous_score": null, "main_risk_signal": null, "days_inactive": 10}');

INSERT INTO story VALUES ('never', '2026-02-02', NULL, 59,
  'bought it 59 days ago, and nobody ever came',
  '{"signals": {"login": 1, "form_published": {"weight": 9, "expected_within_days": 7},
                "admin_login": {"weight": 5, "measure": "days",
                                "next_step": {"inactive": "Find out who the admin is now"}}}}',
  'peers login 200..1 x4; peers admin_login,form_published 200..1');
INSERT INTO claim VALUES
  ('never', 'en', '{"told": ["no activity on record since the start 59 days ago"],
                    "main_risk": "No activity on record since the start 59 days ago", "next_step": "Set up a first session"}'),
  ('never', 'fr', '{"told": ["aucune activité connue depuis le début, il y a 59 jours"],
                    "main_risk": "Aucune activité connue depuis le début, il y a 59 jours",
                    "next_step": "Organiser une première session"}'),
  ('never', NULL, '{"must_not": ["[Aa]dmin", "Form published", "Formulaire publié"], "score": 0, "band": "red",
                    "main_risk_signal": null, "days_inactive": null, "flags": "no_activity"}');

INSERT INTO story
SELECT 'never_since', as_of, size, NULL, 'nobody ever came, and nobody knows since when they could', model, plan
FROM story WHERE id = 'never';
INSERT INTO claim VALUES
  ('never_since', 'en', '{"told": ["no activity on record"], "main_risk": "No activity on record",
                          "next_step": "Set up a first session"}'),
  ('never_since', 'fr', '{"told": ["aucune activité enregistrée"], "main_risk": "Aucune activité enregistrée",
                          "next_step": "Organiser une première session"}'),
  ('never_since', NULL, '{"must_not": ["[Aa]dmin", "Form published", "Formulaire publié"], "score": 0, "band": "red",
                          "main_risk_signal": null, "days_inactive": null, "flags": "no_activity"}');

-------------------------------------------------------------------------------------------------------- young accounts

INSERT INTO story VALUES ('day5', '2026-02-02', 4, 5,
  'day 5 of a customer, 3 of 4 seats in',
  '{"signals": {"login": 1, "user:*": {"weight": 30, "measure": "distinct", "of": "size", "days": 14, "neutral": 0.5}}}',
  'peers login 200..1 x4; acme login 5..1 x4; peers user:{1..3} 200..1; acme user:{1..3} 5..1');
INSERT INTO claim VALUES
  ('day5', 'en', '{"told": ["new, day 5", "Login already at 20 in 5 days", "Active users 75%"], "must": ["Score 73:"],
                   "next_step": "Follow the onboarding plan"}'),
  ('day5', 'fr', '{"told": ["nouveau client, jour 5", "Connexion, déjà 20 en 5 jours",
                            "Utilisateurs actifs 75 %"],
                   "must": ["Score 73 :"], "next_step": "Suivre le plan d’intégration"}'),
  ('day5', NULL, '{"must_not": ["(14|28) (days|jours)"], "band": "yellow", "previous_score": null, "main_risk": null,
                   "flags": "new_account"}');

INSERT INTO story VALUES ('day5_nobody', '2026-02-02', NULL, 5,
  'day 5 of a customer, and nobody came so far',
  '{"signals": {"login": 1}}',
  'peers login 200..1 x4');
INSERT INTO claim VALUES
  ('day5_nobody', 'en', '{"told": ["new, day 5", "no activity so far"]}'),
  ('day5_nobody', 'fr', '{"told": ["nouveau client, jour 5", "aucune activité à ce jour"]}');

INSERT INTO story VALUES ('outcome', '2026-02-02', NULL, 20,
  'day 20, and the outcome that was expected within 7 is not there',
  '{"signals": {"login": 1,
                "form_published": {"weight": 9, "expected_within_days": 7,
                                   "next_step": {"awaited": {"en": "Publish the first form together",
                                                             "fr": "Publier le premier formulaire ensemble"}}}}}',
  'peers login 200..1 x4; peers form_published 200..1/7; acme login 20..1 x4');
INSERT INTO claim VALUES
  ('outcome', 'en', '{"told": ["Form published not once in 20 days (expected within 7)",
                               "Login already at 80 in 20 days"],
                      "main_risk": "Form published not once in 20 days (expected within 7)",
                      "next_step": "Publish the first form together"}'),
  ('outcome', 'fr', '{"told": ["Formulaire publié pas une fois en 20 jours (attendu sous 7 jours)",
                               "Connexion, déjà 80 en 20 jours"],
                      "main_risk": "Formulaire publié pas une fois en 20 jours (attendu sous 7 jours)",
                      "next_step": "Publier le premier formulaire ensemble"}'),
  ('outcome', NULL, '{"previous_score": null, "main_risk_signal": "form_published",
                      "drivers": [{"signal": "form_published", "kind": "awaited"}]}');

----------------------------------------------------------------------------------------------------------------- rises

INSERT INTO story VALUES ('rise', '2026-02-02', NULL, NULL,
  'reports and exports rose, the NPS is what it was',
  '{"curve": "linear",
    "signals": {"login": 1, "report_viewed": 3, "export": 5,
                "nps": {"weight": 2, "measure": "last", "neutral": 8, "out_of": 10, "window_days": null}}}',
  'peers login,export 200..1 x3; peers report_viewed 200..1 x15; acme login 200..1 x4; acme nps 20 =6;
   acme nps 80 =6; acme report_viewed 200..29 x5; acme report_viewed 28..15 x9; acme report_viewed 14..1 x10;
   acme export 200..29 x2; acme export 28..21 x3; acme export 20..1 x4');
INSERT INTO claim VALUES
  ('rise', 'en', '{"told": ["Report viewed up 90%", "Export up 86%", "but NPS 6 out of 10"],
                   "must": ["Score rose to", "(+19)"], "main_risk": "NPS 6 out of 10"}'),
  ('rise', 'fr', '{"told": ["Rapport consulté en hausse de 90 %", "Export en hausse de 86 %",
                            "mais NPS 6 sur 10"],
                   "must": ["(+19)"], "main_risk": "NPS 6 sur 10"}'),
  ('rise', NULL, '{"trend": "up", "main_risk_signal": "nps",
                   "drivers": [{"signal": "report_viewed", "kind": "up", "recent": 266, "prior": 140, "pct": 90},
                               {"signal": "nps", "change": 0}]}');

INSERT INTO story VALUES ('cancel80', '2026-02-02', NULL, NULL,
  'the cancel page 80 days ago, and usage a little up',
  '{"signals": {"login": 1, "cancel_page_visited": -30}}',
  'peers login 200..1 x20; acme login 200..29 x10; acme login 28..1 x13; acme cancel_page_visited 80');
INSERT INTO claim VALUES
  ('cancel80', 'en', '{"told": ["Login up 30%", "an alert is fading (Cancel page visited 80 days ago)"],
                       "must": ["Score rose to"]}'),
  ('cancel80', 'fr', '{"told": ["Connexion en hausse de 30 %",
                                "une alerte s’estompe (Page de résiliation consultée il y a 80 jours)"]}'),
  ('cancel80', NULL, '{"must_not": ["Cancel page visited up", "Page de résiliation consultée en hausse"],
                       "trend": "up"}');

INSERT INTO story VALUES ('growth', '2026-02-02', 12, NULL,
  '11 of 12 seats in use, and growing',
  '{"signals": {"login": 1,
                "user:*": {"weight": 30, "measure": "distinct", "of": "size", "days": 14, "neutral": 0.5,
                           "opportunity": true,
                           "text": {"high": {"en": "Only {missing} {missing|seat|seats} of {size} free",
                                             "fr": "Plus que {missing} {missing|licence libre|licences libres} sur {size}"},
                                    "rose": {"en": "Only {missing} {missing|seat|seats} of {size} free",
                                             "fr": "Plus que {missing} {missing|licence libre|licences libres} sur {size}"}},
                           "next_step": {"high": {"en": "Talk about more seats", "fr": "Parler de licences en plus"},
                                         "rose": {"en": "Talk about more seats", "fr": "Parler de licences en plus"}}},
                "complaint": -2,
                "cancel_page_visited": {"weight": -40, "next_step": {"en": "Call today", "fr": "Appeler aujourd’hui"}}}}',
  'acme login 200..29 x8; acme login 28..1 x10; acme complaint 10; peers login 200..1 x15; acme user:{1..8} 200..1;
   acme user:{9..11} 20..1; peers user:{1..9} 200..1');
INSERT INTO claim VALUES
  ('growth', 'en', '{"told": ["Only 1 seat of 12 free", "Login up 25%"], "must": ["Score rose to"],
                     "must_not": ["Complaint"], "next_step": "Talk about more seats",
                     "main_opportunity": "Only 1 seat of 12 free"}'),
  ('growth', 'fr', '{"told": ["Plus que 1 licence libre sur 12", "Connexion en hausse de 25 %"],
                     "must_not": ["Réclamation"], "next_step": "Parler de licences en plus",
                     "main_opportunity": "Plus que 1 licence libre sur 12"}'),
  ('growth', NULL, '{"trend": "up", "main_risk": null, "main_opportunity_signal": "user:*",
                     "drivers": [{"signal": "user:*", "kind": "rose"}]}');

INSERT INTO story
SELECT 'growth_cancel', as_of, size, age, 'the same, and a cancel page two days ago', model,
       plan || '; acme cancel_page_visited 2'
FROM story WHERE id = 'growth';
INSERT INTO claim VALUES
  ('growth_cancel', 'en', '{"told": ["Cancel page visited 2 days ago"], "must": ["Score fell to"],
                            "must_not": ["more seats"], "main_risk": "Cancel page visited 2 days ago",
                            "next_step": "Call today"}'),
  ('growth_cancel', 'fr', '{"told": ["Page de résiliation consultée il y a 2 jours"], "must": ["Score tombé à"],
                            "must_not": ["licences en plus"],
                            "main_risk": "Page de résiliation consultée il y a 2 jours",
                            "next_step": "Appeler aujourd’hui"}'),
  ('growth_cancel', NULL, '{"main_risk_signal": "cancel_page_visited", "main_opportunity": null,
                            "main_opportunity_signal": null}');

INSERT INTO story VALUES ('exports', '2026-02-02', NULL, NULL,
  'exports went from 1 to 8',
  '{"signals": {"login": 1, "export": 12}}',
  'peers login 200..1 x8; acme login 200..1 x4; acme export 100..40/60; acme export 24..3/3');
INSERT INTO claim VALUES
  ('exports', 'en', '{"told": ["Export at 8 in 28 days (1 before)"], "must": ["Score rose to"]}'),
  ('exports', 'fr', '{"told": ["Export, 8 en 28 jours (contre 1 avant)"]}'),
  ('exports', NULL, '{"must_not": ["700"], "band": "green", "main_risk": null,
                      "drivers": [{"signal": "export", "kind": "up", "recent": 8, "prior": 1}]}');

---------------------------------------------------------------------------------------------------- who came, and when

INSERT INTO story VALUES ('user_friday', '2026-01-30', NULL, NULL,
  'the best user has not come since Tuesday, asked on Friday: two working days',
  '{"weekend": [6, 7], "signals": {"login": 1, "user:*": {"weight": 2, "measure": "distinct", "days": 28}}}',
  'all login 200..1 x8 on 12345; acme user:marie 200..3 on 12345; all user:paul,user:lea,user:tom 200..1 on 135;
   peers user:marie 200..1 on 12345');
INSERT INTO claim VALUES
  ('user_friday', NULL, '{"must_not": ["marie", "silent", "sans activité"], "main_risk": null}');

INSERT INTO story
SELECT 'user_saturday', as_of + 1, size, age, 'the same, asked on Saturday: three working days', model,
       'all login 200..1 x8 on 12345; acme user:marie 200..4 on 12345; all user:paul,user:lea,user:tom 200..1 on 135;
        peers user:marie 200..1 on 12345'
FROM story WHERE id = 'user_friday';
INSERT INTO claim VALUES
  ('user_saturday', 'en', '{"told": ["Login steady at 160 in 28 days",
                                     "but marie (Active users), most active so far, silent for 3 days"],
                            "main_risk": "marie (Active users), most active so far, silent for 3 days"}'),
  ('user_saturday', 'fr', '{"told": ["Connexion sans grand changement, 160 en 28 jours",
                                     "mais marie (Utilisateurs actifs), en tête jusqu’ici, sans activité depuis 3 jours"],
                            "main_risk": "marie (Utilisateurs actifs), en tête jusqu’ici, sans activité depuis 3 jours"}'),
  ('user_saturday', NULL, '{"band": "green", "trend": "flat", "main_risk_signal": "user:*"}');

INSERT INTO story VALUES ('month_end', '2026-01-21', NULL, NULL,
  'accountants who come five days at the end of a month, 20 days later',
  '{"signals": {"login": 1}}',
  'peers login 200..1 x4; acme login 25..21 x28; acme login 56..52 x28; acme login 86..82 x28;
   acme login 117..113 x28; acme login 147..143 x28');
INSERT INTO claim VALUES
  ('month_end', 'en', '{"told": ["Login steady at 140 in 28 days"]}'),
  ('month_end', 'fr', '{"told": ["Connexion sans grand changement, 140 en 28 jours"]}'),
  ('month_end', NULL, '{"must_not": ["[Nn]obody", "[Pp]lus personne", "inactive", "sans activité"], "band": "green",
                        "main_risk": null, "next_step": null, "days_inactive": 20}');

INSERT INTO story VALUES ('holiday_weekend', '2025-12-29', NULL, NULL,
  'a week of holidays, asked on the Monday after: five working days',
  '{"weekend": [6, 7], "signals": {"login": 1}}',
  'peers login 200..1 on 123457; acme login 200..8 x2 on 12345');
INSERT INTO claim VALUES
  ('holiday_weekend', 'en', '{"told": ["nothing new"]}'),
  ('holiday_weekend', 'fr', '{"told": ["rien de nouveau"]}'),
  ('holiday_weekend', NULL, '{"must_not": ["[Nn]obody", "[Pp]lus personne", "inactive", "sans activité"], "main_risk": null,
                              "next_step": null, "days_inactive": 9}');

INSERT INTO story VALUES ('holiday_silent', '2025-12-29', NULL, NULL,
  'the same, where every day counts as one: nine',
  '{"silent_days": 10, "signals": {"login": 1}}',
  'peers login 200..1 on 123457; acme login 200..8 x2 on 12345');
INSERT INTO claim VALUES
  ('holiday_silent', 'en', '{"told": ["nothing new"]}'),
  ('holiday_silent', 'fr', '{"told": ["rien de nouveau"]}'),
  ('holiday_silent', NULL, '{"must_not": ["[Nn]obody", "[Pp]lus personne", "inactive", "sans activité"], "main_risk": null,
                             "next_step": null, "days_inactive": 9}');

INSERT INTO story VALUES ('office', '2026-02-02', NULL, NULL,
  'an office that is closed on Saturday and Sunday, asked on Monday',
  '{"weekend": [6, 7], "silent_days": 2,
    "signals": {"login": {"weight": 1, "inactive_days": 2}, "user:*": {"weight": 2, "measure": "distinct", "days": 28}}}',
  'all login 200..1 x4 on 12345; all user:marie,user:paul 200..1 on 12345');
INSERT INTO claim VALUES
  ('office', 'en', '{"told": ["Login steady at 80 in 28 days"]}'),
  ('office', 'fr', '{"told": ["Connexion sans grand changement, 80 en 28 jours"]}'),
  ('office', NULL, '{"account": "%", "must_not": ["silent", "[Nn]obody", "[Pp]lus personne", "inactive", "sans activité"],
                     "main_risk": null, "next_step": null, "days_inactive": 2, "flags": null}');

-------------------------------------------------------------------------------------------- of everybody, so of nobody

INSERT INTO story VALUES ('renamed', '2026-03-03', NULL, NULL,
  'an event was renamed, for all accounts',
  '{"signals": {"login": 1, "form_published": 9}}',
  'peers login 200..1 x4; acme login 200..1 x3; all form_published 200..31 x2; all form_publish 30..1 x2');
INSERT INTO claim VALUES
  ('renamed', 'en', '{"told": ["Login steady at 84 in 28 days"]}'),
  ('renamed', 'en', '{"account": "%",
                      "drivers": [{"text": "No data for Form published since 1 February (all accounts)",
                                   "signal": "form_published", "kind": "no_data"}]}'),
  ('renamed', 'fr', '{"told": ["Connexion sans grand changement, 84 en 28 jours"]}'),
  ('renamed', 'fr', '{"account": "%",
                      "drivers": [{"text": "Formulaire publié sans données depuis le 1er février (tous les comptes)",
                                   "signal": "form_published", "kind": "no_data"}]}'),
  ('renamed', NULL, '{"account": "%",
                      "must_not": ["inactive", "sans activité", "last one", "dernière fois", "[Nn]o data",
                                   "[Aa]ucune donnée"],
                      "main_risk": null, "main_risk_signal": null, "days_inactive": 0, "flags": "%signal_stopped%"}');

INSERT INTO story VALUES ('cut', '2026-02-02', NULL, NULL,
  'the feed of the product was cut 5 days ago, nightly readings go on',
  '{"silent_days": 3,
    "signals": {"login": {"weight": 1, "inactive_days": 3}, "report_viewed": {"weight": 3, "inactive_days": 3},
                "support": {"weight": 5, "measure": "last", "neutral": 4, "out_of": 5}}}',
  'all login 200..6 x4; all report_viewed 200..6 x2; all support 200..1 =4');
INSERT INTO claim VALUES
  ('cut', NULL, '{"account": "%", "must_not": ["[Nn]obody", "[Pp]lus personne", "inactive", "sans activité"],
                  "main_risk": null, "next_step": null, "days_inactive": 5, "flags": "stale_data"}');

--------------------------------------------------------------------------------------------------------------- no news

INSERT INTO story VALUES ('nps7', '2026-02-02', NULL, NULL,
  'green, an NPS of 7 where 8 is neutral, nothing new',
  '{"signals": {"login": 1, "nps": {"weight": 2, "measure": "last", "neutral": 8, "out_of": 10, "window_days": null}}}',
  'all login 200..1 x4; acme nps 50 =7');
INSERT INTO claim VALUES
  ('nps7', 'en', '{"told": ["Login steady at 112 in 28 days"], "must": ["Score 98:"]}'),
  ('nps7', 'fr', '{"told": ["Connexion sans grand changement, 112 en 28 jours"], "must": ["Score 98 :"]}'),
  ('nps7', NULL, '{"must_not": ["NPS"], "band": "green", "main_risk": null, "main_risk_signal": null,
                   "next_step": null, "main_opportunity": null}');

INSERT INTO story VALUES ('small', '2026-02-02', NULL, NULL,
  'a label that is written small, and large where a sentence begins',
  '{"signals": {"talk": {"weight": 1, "label": {"en": "talks", "fr": "échanges"}}}}',
  'all talk 200..1 x4');
INSERT INTO claim VALUES
  ('small', 'en', '{"told": ["talks steady at 112 in 28 days"],
                    "drivers": [{"label": "Talks", "text": "Talks steady at 112 in 28 days"}]}'),
  ('small', 'fr', '{"told": ["échanges sans grand changement, 112 en 28 jours"],
                    "drivers": [{"label": "Échanges", "text": "Échanges sans grand changement, 112 en 28 jours"}]}');

INSERT INTO story VALUES ('frozen', '2026-02-02', NULL, NULL,
  'red by a frozen baseline, though they come every day, as their peers do',
  '{"baseline": 1000, "signals": {"login": 1}}',
  'all login 200..1 x4');
INSERT INTO claim VALUES
  ('frozen', 'en', '{"told": ["usage at 15% of what a score of 100 takes"], "main_risk": "Usage at 15% of what a score of 100 takes"}'),
  ('frozen', 'fr', '{"told": ["usage à 15 % de ce que demande un score de 100"], "main_risk": "Usage à 15 % de ce que demande un score de 100"}'),
  ('frozen', NULL, '{"must_not": ["steady", "sans grand changement"], "band": "red", "main_risk_signal": null}');

INSERT INTO story VALUES ('past_due', '2026-02-02', NULL, NULL,
  'a scorecard that a payment past due costs 10 points',
  '{"combine": "mean", "usage_weight": 50,
    "signals": {"login": 1, "support": {"weight": 40, "measure": "last", "out_of": 5, "window_days": null},
                "days_past_due": {"weight": 10, "measure": "last", "scale": [[0, 1], [30, 0]], "window_days": null}}}',
  'all login 200..1 x4; all support 50 =5; peers days_past_due 50 =0; acme days_past_due 50 =45;
   acme days_past_due 10 =45');
INSERT INTO claim VALUES
  ('past_due', 'en', '{"told": ["Login steady at 112 in 28 days", "Support rating 5 out of 5", "but Days past due 45"],
                       "must": ["Score 90:"], "main_risk": "Days past due 45"}'),
  ('past_due', 'fr', '{"told": ["Connexion sans grand changement, 112 en 28 jours", "Note du support 5 sur 5",
                                "mais Jours de retard 45"],
                       "must": ["Score 90 :"], "main_risk": "Jours de retard 45"}'),
  ('past_due', NULL, '{"main_risk_signal": "days_past_due",
                       "drivers": [{"signal": "days_past_due", "kind": "low"}]}');

INSERT INTO story VALUES ('first_rating', '2026-02-02', NULL, NULL,
  'a scorecard that a first rating pulls down',
  '{"combine": "mean", "usage_weight": 50,
    "signals": {"login": 1, "support": {"weight": 50, "measure": "last", "out_of": 5, "window_days": null}}}',
  'all login 200..1 x4; acme support 3 =1');
INSERT INTO claim VALUES
  ('first_rating', 'en', '{"told": ["Support rating 1 out of 5 (first on record)"], "must": ["Score fell to 60 (-40)"]}'),
  ('first_rating', 'fr', '{"told": ["Note du support 1 sur 5 (première mesure connue)"], "must": ["Score tombé à 60 (−40)"]}'),
  ('first_rating', NULL, '{"trend": "down", "main_risk_signal": "support"}');

INSERT INTO story VALUES ('points', '2026-02-02', NULL, NULL,
  'readings and penalties, no usage signal',
  '{"signals": {"nps": {"weight": 10, "measure": "last", "out_of": 10, "window_days": null},
                "cancel_page_visited": -20}}',
  'all nps 50 =8; acme cancel_page_visited 2');
INSERT INTO claim VALUES
  ('points', 'en', '{"told": ["Cancel page visited 2 days ago"], "must": ["Score fell to"]}'),
  ('points', 'fr', '{"told": ["Page de résiliation consultée il y a 2 jours"], "must": ["Score tombé à"]}'),
  ('points', NULL, '{"main_risk_signal": "cancel_page_visited"}'),
  ('points', NULL, '{"account": "%", "must_not": ["activity", "[Nn]obody", "activité"], "days_inactive": null,
                     "flags": null}');

INSERT INTO story VALUES ('shares', '2026-02-02', NULL, NULL,
  'shares of a scorecard, no usage signal',
  '{"combine": "mean",
    "signals": {"support": {"weight": 50, "measure": "last", "out_of": 5, "window_days": null},
                "nps": {"weight": 50, "measure": "last", "out_of": 10, "window_days": null}}}',
  'all nps 50 =9; all support 50 =4; acme nps 12 =5');
INSERT INTO claim VALUES
  ('shares', 'en', '{"told": ["NPS fell to 5 out of 10 (9 before)"], "must": ["Score fell to"]}'),
  ('shares', 'fr', '{"told": ["NPS en baisse à 5 sur 10 (contre 9 avant)"], "must": ["Score tombé à"]}'),
  ('shares', NULL, '{"main_risk_signal": "nps"}'),
  ('shares', NULL, '{"account": "%", "must_not": ["activity", "[Nn]obody", "activité"], "days_inactive": null,
                     "flags": null}');

----------------------------------------------------------------------------------------------------------- the reports

CREATE TABLE planned AS
SELECT id AS story, as_of, p[1] AS who, p[2] AS signals, p[3]::int AS first, coalesce(p[4], p[3])::int AS last,
       coalesce(p[5], '1')::int AS step, coalesce(p[6], '1')::int AS n, p[7]::float8 AS value, coalesce(p[8], '1234567') AS weekdays
FROM story CROSS JOIN regexp_split_to_table(plan, ';\s*') AS line
CROSS JOIN regexp_match(line, '^(\S+) (\S+) (\d+)(?:\.\.(\d+))?(?:/(\d+))?(?: x(\d+))?(?: =(\S+))?(?: on (\d+))?$') AS p;

CREATE TABLE account AS
SELECT 'acme' AS account, 'acme' AS who UNION ALL SELECT 'peer ' || i, 'peers' FROM generate_series(1, 24) AS i;

CREATE TABLE acted AS
SELECT story, account, health_daily(s[1] || i, as_of - ago, n, value) AS activity
FROM planned JOIN account ON planned.who IN (account.who, 'all')
CROSS JOIN unnest(string_to_array(signals, ',')) AS list
CROSS JOIN regexp_match(list, '^([^{]*)(?:\{(\d+)\.\.(\d+)\})?$') AS s  -- user:{1..8}
CROSS JOIN LATERAL (SELECT '' AS i WHERE s[2] IS NULL
                    UNION ALL SELECT i::text FROM generate_series(s[2]::int, s[3]::int) AS i) AS each
CROSS JOIN generate_series(first, last, -step) AS ago
WHERE position(extract(isodow FROM as_of - ago)::text IN weekdays) > 0
GROUP BY story, account;

CREATE FUNCTION labelled(signals jsonb) RETURNS jsonb LANGUAGE sql AS $$
  SELECT jsonb_object_agg(key, CASE jsonb_typeof(value) WHEN 'number' THEN jsonb_build_object('weight', value) ELSE value END
                               || CASE WHEN label IS NULL THEN '{}' ELSE jsonb_build_object('label', label) END)
  FROM jsonb_each(signals) LEFT JOIN (SELECT signal, jsonb_build_object('en', en, 'fr', fr) AS label FROM word) AS w ON signal = key
$$;

CREATE TABLE model AS
SELECT id AS story, language,
       ('{"window_days": 90, "half_life_days": 30}' || model
        || jsonb_build_object('language', language, 'signals', labelled(model -> 'signals')))::health_model AS model
FROM story CROSS JOIN unnest('{en,fr}'::text[]) AS language;

CREATE TABLE told AS
SELECT story, account, language, (r).*
FROM (SELECT story, account, language,
             health_report(coalesce(activity, '{}'), m.model, as_of, size, CASE account WHEN 'acme' THEN as_of - age END)
             OVER (PARTITION BY story, language) AS r
      FROM story JOIN model AS m ON id = story CROSS JOIN account LEFT JOIN acted USING (story, account)) AS reported;

SELECT story, language, band, reason, main_risk, next_step, main_opportunity FROM told WHERE account = 'acme' ORDER BY 1, 2;

CREATE TABLE failure AS
WITH checked AS (
  SELECT t.story, account, t.language, reason, to_jsonb(t) AS report, says,
         concat_ws(' | ', reason, main_risk, next_step, main_opportunity) AS words,
         coalesce(substring(reason FROM E'^[^:]*:[ \u00A0](.*)\\.$'), '') AS facts,
         CASE t.language WHEN 'fr' THEN E'\u00A0; ' ELSE '; ' END AS semicolon
  FROM (SELECT story, language, coalesce(says ->> 'account', 'acme') AS accounts,
               CASE language WHEN 'fr' THEN regexp_replace(says::text, ' ([%:;])', E'\u00A0\\1', 'g')::jsonb ELSE says END AS says
        FROM claim) AS c
  JOIN told AS t ON t.story = c.story AND account LIKE accounts AND t.language = coalesce(c.language, t.language)
), wrong AS (
  SELECT story, account, language, reason AS said, 'not to the letter: ' || must AS what
  FROM checked
  CROSS JOIN LATERAL (SELECT string_agg(fact, semicolon) AS must FROM jsonb_array_elements_text(says -> 'told') AS fact) AS m
  WHERE facts <> must
  UNION ALL
  SELECT story, account, language, reason, 'does not say: ' || phrase
  FROM checked CROSS JOIN jsonb_array_elements_text(says -> 'must') AS phrase WHERE position(phrase IN coalesce(reason, '')) = 0
  UNION ALL
  SELECT story, account, language, words, 'says: ' || pattern
  FROM checked CROSS JOIN jsonb_array_elements_text(says -> 'must_not') AS pattern WHERE words ~ pattern
  UNION ALL
  SELECT story, account, language, reason, format('driver %s, not %s', coalesce(d.is, 'missing'), must)
  FROM checked CROSS JOIN jsonb_array_elements(says -> 'drivers') AS must
  CROSS JOIN LATERAL (SELECT string_agg(one::text, ' ') AS is FROM jsonb_array_elements(report -> 'drivers') AS one
                      WHERE one -> 'signal' = must -> 'signal') AS d
  WHERE NOT report -> 'drivers' @> jsonb_build_array(must)
  UNION ALL
  SELECT story, account, language, words, format('%s is %s, not %s', key, coalesce((report -> key)::text, 'missing'), must)
  FROM checked CROSS JOIN jsonb_each(says - '{account,told,must,must_not,drivers}'::text[]) AS e (key, must)
  WHERE report -> key IS DISTINCT FROM must AND NOT coalesce(key = 'flags' AND report ->> key LIKE must #>> '{}', false)
  UNION ALL
  SELECT e.story, account, 'en, fr', e.reason || ' | ' || f.reason, 'two languages, two truths'
  FROM told AS e JOIN told AS f USING (story, account)
  WHERE e.language = 'en' AND f.language = 'fr'
    AND (e.score, e.flags, e.main_risk_signal, e.main_opportunity_signal)
        IS DISTINCT FROM (f.score, f.flags, f.main_risk_signal, f.main_opportunity_signal)
)
-- Peers that fail alike count once.
SELECT story, language, what, min(said) AS said,
       min(account) || CASE WHEN count(*) > 1 THEN format(' and %s more', count(*) - 1) ELSE '' END AS accounts
FROM wrong GROUP BY story, language, what;

DO $$
DECLARE
  wrong text;
BEGIN
  ASSERT (SELECT bool_and(coalesce(who IN ('acme', 'peers', 'all') AND first >= last, false)) FROM planned), 'a line of a plan that nobody can read';
  ASSERT (SELECT bool_and(story IS NOT NULL AND id IS NOT NULL) FROM claim FULL JOIN story ON story = id),
         'a story without claims, or the other way round';
  SELECT string_agg(format(E'%s (%s), %s\n    %s\n    told: %s', story, accounts, language, what, said), E'\n'
                    ORDER BY story, language, what)
  INTO wrong FROM failure;
  IF wrong IS NOT NULL THEN RAISE EXCEPTION E'% claims do not hold:\n%', (SELECT count(*) FROM failure), wrong; END IF;
END $$;
