package io.jollyboat.cli;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;

/** Ends the command with one clear line and exit code 1. */
final class CliException extends RuntimeException {
    private static final long serialVersionUID = 1;

    CliException(String message) {
        super(message);
    }

    CliException(String message, Throwable cause) {
        super(message, cause);
    }

    /** "cannot write FILE: why": the JDK's own message is often the file's name only. */
    static CliException of(String what, Path file, IOException e) {
        return new CliException(what + " " + file + ": " + reason(file, e), e);
    }

    private static String reason(Path file, IOException e) {
        String other = e instanceof FileSystemException f
                        && f.getFile() != null
                        && !f.getFile().equals(file.toString())
                ? f.getFile() + ": "
                : "";
        return switch (e) {
            case NoSuchFileException _ -> other + "no such file";
            case AccessDeniedException _ -> other + "permission denied";
            case FileAlreadyExistsException _ -> other + "is there already, and is no folder";
            case FileSystemException f when f.getReason() != null -> other + f.getReason();
            default -> String.valueOf(e.getMessage());
        };
    }
}
