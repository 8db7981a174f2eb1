# Runs each file and writes what it prints, and the errors and warnings that it meets, to <file>.out. RPostgreSQL tells an
# error of the server on the error output and goes on with NULL.
run <- function(file) {
  out <- file(paste0(file, ".out"), "w")
  sink(out)
  sink(out, type = "message")
  on.exit({ sink(type = "message"); sink(); close(out) })
  told <- function(condition) cat(conditionMessage(condition), "\n", sep = "")
  tryCatch(withCallingHandlers(source(file, local = new.env()), warning = function(warning) {
    told(warning)
    invokeRestart("muffleWarning")
  }), error = told)
}

for (file in commandArgs(trailingOnly = TRUE)) {
  run(file)
  RODBC::odbcCloseAll()  # or the garbage collector does, with a warning in the output of another file
}
