// Set-returning function health_members.
#include "core/members.hpp"

#include "pg/values.hpp"

namespace health {

extern "C" {

// (activity, prefix, as_of, days) -> rows of member, active_days, days_inactive, rhythm, share
PG_FUNCTION_INFO_V1(health_members);
Datum health_members(PG_FUNCTION_ARGS) {
  const varlena* activity = activity_argument(PG_GETARG_DATUM(0));
  const std::string_view prefix = view_of(PG_GETARG_TEXT_PP(1));
  const Day as_of = day_of_date(PG_GETARG_DATEADT(2), "as_of");
  const std::int32_t days = days_argument(PG_GETARG_INT32(3));
  auto* members = placed<Vector<Member>>(CurrentMemoryContext);
  guarded([&](Memory* memory) { list_members(canonical(activity, memory), prefix, as_of, days, members); });
  InitMaterializedSRF(fcinfo, MAT_SRF_USE_EXPECTED_DESC);
  auto* result = reinterpret_cast<ReturnSetInfo*>(fcinfo->resultinfo);
  for (const Member& member : *members) {
    CHECK_FOR_INTERRUPTS();
    Datum values[] = {text_datum(member.name), Int32GetDatum(member.active_days), Int32GetDatum(member.days_inactive),
                      Float8GetDatum(member.rhythm), Float8GetDatum(member.share)};
    bool nulls[std::size(values)] = {};
    tuplestore_putvalues(result->setResult, result->setDesc, values, nulls);
  }
  return static_cast<Datum>(0);
}
}

}  // namespace health
