//! Everything an outside Cedar needs to decide again: schema, policies, entities.

use std::{io, path::Path};

use kernel::{Actor, ObjectName};

use super::{Policies, Row, entity};

/// A record to be exported as an entity. Its row answers [`super::Attr::Id`].
pub struct Record<'a> {
    /// Its object.
    pub object: &'a ObjectName,
    /// Its attributes; nothing personal is among them.
    pub row: &'a dyn Row,
}

/// Three files.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Export {
    /// `schema.cedarschema`
    pub schema: String,
    /// `policies.cedar`: every policy with its `@id`, templates filled in.
    pub policies: String,
    /// `entities.json`: actors, roles, teams and records.
    pub entities: String,
}

impl Export {
    /// Writes the three files into a folder, which it makes.
    pub fn write(&self, dir: &Path) -> io::Result<()> {
        std::fs::create_dir_all(dir)?;
        std::fs::write(dir.join("schema.cedarschema"), &self.schema)?;
        std::fs::write(dir.join("policies.cedar"), &self.policies)?;
        std::fs::write(dir.join("entities.json"), &self.entities)
    }
}

impl Policies {
    /// The policies and these actors and records in Cedar's own formats.
    pub fn export(&self, actors: &[Actor], records: &[Record<'_>]) -> io::Result<Export> {
        let mut list = Vec::new();
        for actor in actors {
            list.extend(entity::actor(actor).map_err(io::Error::other)?.1);
        }
        for record in records {
            let Some(shape) = self.world.shapes.get(record.object) else { continue };
            let uid = entity::record_uid(shape, entity::id_of(record.row)).map_err(io::Error::other)?;
            list.push(entity::record(&self.world, shape, &uid, record.row).map_err(io::Error::other)?);
        }
        list.push(cedar_policy::Entity::with_uid(entity::uid("System", entity::SYSTEM).map_err(io::Error::other)?));
        let mut json: Vec<(String, serde_json::Value)> = Vec::new();
        for entity in list {
            json.push((entity.uid().to_string(), entity.to_json_value().map_err(io::Error::other)?));
        }
        json.sort_by(|a, b| a.0.cmp(&b.0));
        json.dedup_by(|a, b| a.0 == b.0);
        let json: Vec<serde_json::Value> = json.into_iter().map(|(_, value)| value).collect();
        let policies: Vec<&str> = self.texts.values().map(String::as_str).collect();
        Ok(Export {
            schema: self.world.text.clone(),
            policies: policies.join("\n\n") + "\n",
            entities: serde_json::to_string_pretty(&json).map_err(io::Error::other)?,
        })
    }
}
