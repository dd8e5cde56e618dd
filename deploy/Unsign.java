import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.FileSystem;
import java.nio.file.FileSystems;
import java.nio.file.Files;
import java.nio.file.Path;

/** Takes the signatures out of jars: {@code java Unsign.java JAR...}. Part of the build, see lib.sh. */
class Unsign {
    public static void main(String[] jars) throws IOException {
        for (String jar : jars) {
            try (FileSystem content = FileSystems.newFileSystem(Path.of(jar));
                    DirectoryStream<Path> signatures =
                            Files.newDirectoryStream(content.getPath("META-INF"), "*.{SF,RSA,DSA,EC}")) {
                for (Path signature : signatures) {
                    Files.delete(signature);
                }
            }
        }
    }
}
