import java.io.*;
import java.nio.charset.StandardCharsets;
import java.nio.file.*;
import java.sql.SQLException;

/** Runs the class of each file and writes what it prints, or the error it ends with, to <file>.out. */
public class Run {
  public static void main(String[] files) throws Exception {
    String url = "jdbc:postgresql:" + System.getenv("PGDATABASE") + "?user=" + System.getenv("PGUSER")
        + "&gssEncMode=disable&socketFactory=UnixSocket&socketFactoryArg=" + System.getenv("PGHOST") + "/.s.PGSQL."
        + System.getenv("PGPORT");
    for (String file : files) {
      ByteArrayOutputStream out = new ByteArrayOutputStream();
      System.setOut(new PrintStream(out, true, StandardCharsets.UTF_8));
      try {
        String name = Path.of(file).getFileName().toString().replace(".java", "");
        Class.forName(name).getMethod("run", String.class).invoke(null, url);
      } catch (java.lang.reflect.InvocationTargetException e) {
        Throwable cause = e.getCause();
        String text = String.valueOf(cause.getMessage()).lines().findFirst().orElse("").replace("ERROR: ", "");
        System.out.println((cause instanceof SQLException s ? s.getSQLState() : cause.getClass().getName()) + " " + text);
      }
      Files.write(Path.of(file + ".out"), out.toByteArray());
    }
  }
}
