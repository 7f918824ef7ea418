package org.collectionscheduler.settings;

import java.io.IOException;
import java.io.InputStream;
import java.net.URL;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.springframework.boot.env.YamlPropertySourceLoader;
import org.springframework.core.io.DefaultResourceLoader;
import org.springframework.core.io.FileUrlResource;
import org.springframework.core.io.Resource;
import org.yaml.snakeyaml.error.Mark;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;

/** Remembers which files were opened, since what is wrong in one of them does not say in which. */
final class OpenedFiles extends DefaultResourceLoader {

    private final List<Resource> opened = new ArrayList<>();

    OpenedFiles(ClassLoader loader) {
        super(loader);
    }

    @Override
    public Resource getResource(String location) {
        Resource resource = super.getResource(location);
        return resource instanceof FileUrlResource file ? new Opened(file.getURL()) : resource;
    }

    /** The mistake without the text around it, which may hold a secret. */
    Problem unreadable(YAMLException mistake) {
        String place = "";
        String what = "";
        if (mistake instanceof MarkedYAMLException marked) {
            Mark mark = marked.getProblemMark();
            place = mark == null ? "" : " in line " + (mark.getLine() + 1) + ", column " + (mark.getColumn() + 1);
            what = marked.getContext() == null ? "" : " (" + marked.getContext() + ")";
        }
        return new Problem(
                file().map(Resource::toString).orElse("the configuration files"),
                null,
                "cannot be read as YAML" + place + what,
                "Correct it there, or in the lines before");
    }

    private Optional<Resource> file() {
        return List.copyOf(opened).stream().filter(file -> !isYaml(file)).findFirst();
    }

    private static boolean isYaml(Resource file) {
        try {
            new YamlPropertySourceLoader().load("again", file);
            return true;
        } catch (YAMLException e) {
            return false;
        } catch (IOException e) {
            return true;
        }
    }

    private final class Opened extends FileUrlResource {

        Opened(URL url) {
            super(url);
        }

        @Override
        public InputStream getInputStream() throws IOException {
            opened.add(this);
            return super.getInputStream();
        }
    }
}
