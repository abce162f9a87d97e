package lamin;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** The program `lamin`, which writes to the instance. A failure is a warning, never one of the workflow. */
class Lamin {
    private final List<String> options = new ArrayList<>();
    private final String program;
    private final Path folder;

    Lamin(Map<?, ?> config, Path folder) {
        this.folder = folder;
        program = config.get("program") == null ? "lamin" : config.get("program").toString();
        if (Boolean.TRUE.equals(config.get("saveOutputs"))) options.add("--save-outputs");
        if (Boolean.TRUE.equals(config.get("saveInputs"))) options.add("--save-inputs");
        if (config.get("key") != null) options.addAll(List.of("--key", config.get("key").toString()));
    }

    /** Imports a trace; returns the uid of the workflow's run, null if that failed. */
    String importTrace(Path trace, boolean quiet) {
        List<String> command = new ArrayList<>(List.of(program, "import-run", trace.toString()));
        command.addAll(options);
        try {
            Process process = new ProcessBuilder(command).directory(folder.toFile()).redirectInput(ProcessBuilder.Redirect.from(new java.io.File("/dev/null"))).start();
            StringBuilder said = new StringBuilder();
            Thread listener = new Thread(() -> {
                try {
                    said.append(new String(process.getErrorStream().readAllBytes(), StandardCharsets.UTF_8));
                } catch (IOException gone) {
                    said.append(gone.getMessage());
                }
            });
            listener.start();
            String uid = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8).trim();
            boolean failed = process.waitFor() != 0;
            listener.join();
            if (!quiet) {
                for (String line : said.toString().split("\n")) {
                    if (failed || line.startsWith("!")) warn(line.replaceFirst("^(! |lamin: )", ""));
                }
                if (failed) warn("the run is not recorded; once that is mended: lamin import-run '" + trace + "'");
            }
            return failed ? null : uid;
        } catch (IOException failure) {
            if (!quiet) warn("the run is not recorded, " + failure.getMessage() + "; later: lamin import-run '" + trace + "'");
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
        }
        return null;
    }

    static void warn(String text) {
        System.err.println("lamin: " + text);
    }
}
