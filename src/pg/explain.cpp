// health_explain.
#include "core/explain.hpp"

#include "pg/json.hpp"
#include "pg/model.hpp"
#include "pg/values.hpp"

namespace health {

extern "C" {

// (score, previous_score, drivers, language)
PG_FUNCTION_INFO_V1(health_explain);
Datum health_explain(PG_FUNCTION_ARGS) {
  if (PG_ARGISNULL(0) || PG_ARGISNULL(2) || PG_ARGISNULL(3)) PG_RETURN_NULL();
  const double score = PG_GETARG_FLOAT8(0);
  const std::optional<double> previous = optional_float8(fcinfo, 1);
  const JsonNode* drivers = json_nodes(PG_GETARG_JSONB_P(2));
  const std::string_view name = view_of(PG_GETARG_TEXT_PP(3));
  const std::optional<Language> language = language_of_name(name);
  if (!language)
    ereport(ERROR, (errcode(ERRCODE_INVALID_PARAMETER_VALUE),
                    errmsg("invalid language: \"%.*s\"", quoted(name), name.data()), errhint("Use en or fr.")));
  check_language(*language);
  std::string_view sentence;
  guarded([&](Memory* memory) {
    const Model defaults(memory);
    if (previous) finite(*previous, "previous score");
    const Headline headline{*language, finite(score, "score"), previous, defaults.trend_points};
    sentence = kept(explain_json(headline, Json(drivers, 0), memory), memory);
  });
  PG_RETURN_TEXT_P(cstring_to_text_with_len(sentence.data(), static_cast<int>(sentence.size())));
}
}

}  // namespace health
